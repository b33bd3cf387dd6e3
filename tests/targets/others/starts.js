// Starts children, prints, and ends with a status of its own.
const { execFileSync, spawnSync } = require("child_process");
const { Worker } = require("worker_threads");
console.log(execFileSync("sh", ["-c", "echo child"]).toString());
console.log(spawnSync("sh", ["-c", "exit 4"], { env: {} }).status);
new Worker("require('worker_threads').parentPort.postMessage('in a thread')", { eval: true })
    .on("message", (text) => { console.log(text); console.error("an error"); process.exitCode = 5; });
