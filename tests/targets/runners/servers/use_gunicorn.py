"""Asks two workers of gunicorn each question, ends the server by SIGTERM and says what it answered.

usage: use_gunicorn.py           # with a server
       use_gunicorn.py --here    # the application within this process
"""

import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from wsgiref.util import setup_testing_defaults

import shop_wsgi

QUESTIONS = ["/money?q=3.50", "/money?q=nothing", "/rate?q=AT", "/rate?q=US", "/find?q=saw",
             "/find?q=(saw"]
PORT_FILE = Path("port")
# The port is the system's choice: the server tells it when it is ready.
CONFIG = """
import os
from shop_wsgi import worker_exit
bind = "127.0.0.1:0"
workers = 2
def when_ready(server):
    with open("port.part", "w") as file:
        file.write(str(server.LISTENERS[0].sock.getsockname()[1]))
    os.rename("port.part", "port")
"""


def here():
    for question in QUESTIONS:
        path, _, query = question.partition("?")
        environ = {"PATH_INFO": path, "QUERY_STRING": query}
        setup_testing_defaults(environ)
        print(*shop_wsgi.application(environ, lambda *_: None))
    shop_wsgi.worker_exit(None, None)


def ask(port, question):
    """The answer's status and text."""
    try:
        answer = urllib.request.urlopen(f"http://127.0.0.1:{port}{question}", timeout=30)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, answer.read().decode()


def with_server():
    Path("gunicorn.conf.py").write_text(CONFIG)
    PORT_FILE.unlink(missing_ok=True)
    with open("server.log", "w") as log:
        command = [sys.executable, "-m", "gunicorn", "shop_wsgi:application"]
        server = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        until = time.monotonic() + 60
        while not PORT_FILE.exists():
            assert server.poll() is None and time.monotonic() < until, Path("server.log").read_text()
            time.sleep(0.02)
        port = PORT_FILE.read_text()
        # Several at once: one worker alone would not do.
        with ThreadPoolExecutor(4) as threads:
            answers = list(threads.map(lambda question: ask(port, question), QUESTIONS * 10))
        print(*sorted({*answers}), sep="\n")
    finally:
        server.terminate()
    print("server:", server.wait(60))


if __name__ == "__main__":
    here() if "--here" in sys.argv else with_server()
