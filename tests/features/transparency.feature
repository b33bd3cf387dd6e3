Feature: transparency
  A program that is no Python runs as if covfork were not there: what it prints, to both streams, and
  its status are the same to the byte.

  Background:
    Given the target "others"

  Scenario Outline: other languages
    Given the program "<program>" is found
    When I run `<command>` with and without covfork
    Then it is the same to the byte

    Examples:
      | program | command                                        |
      | node    | node starts.js                                 |
      | java    | java -version; java Starts.java                |
      | perl    | perl starts.pl                                 |
      | tclsh   | tclsh starts.tcl                               |
      | bash    | bash starts.bash                                 |
      | busybox | busybox sh -c 'busybox seq 3 \| busybox xargs busybox echo; ls; cat nothing; exit 5'     |
      | busybox | busybox env -i busybox ash -c 'ls; busybox find . -name "*.c" -exec busybox wc -c {} +'  |
      | python2 | python2 -c 'import os; print(os.system("exit 4"))' |
      | ruby    | ruby -e 'puts `echo child`; exit 5'            |

  Scenario: a static program of Go
    Given the program "go" is found
    And the program "starts-go", made once from "starts.go" with `CGO_ENABLED=0 go build -o {program} {source}`
    When I run `starts-go; echo $?; exec starts-go` with and without covfork
    Then it is the same to the byte

  Scenario Outline: compilers and builds
    Given the program "<program>" is found
    When I run `<command>` with and without covfork
    Then it is the same to the byte

    Examples:
      | program | command                                                              |
      | make    | make; make -j 2 --silent made                                        |
      | gcc     | gcc -O2 -flto -o hello hello.c && ./hello; gcc -Wall -o wrong wrong.c |
      | rustc   | rustc -O hello.rs && ./hello; rustc wrong.rs                         |
      | go      | GOFLAGS=-mod=mod GOCACHE=$HOME/cache go vet starts.go; go version; go nonsense |
      | cmake   | cmake -E echo one; cmake -E env --unset=HOME sh -c 'echo two; exit 4'; cmake -P nowhere |

  Scenario Outline: tools that start others
    Given the program "<program>" is found
    When I run `<command>` with and without covfork
    Then it is the same to the byte

    Examples:
      | program | command                                                                    |
      | git     | git init -q -b main . && git add -A && git -c user.name=n -c user.email=e commit -qm one && git log --format=%s --stat && git status && git clone . copy && git -C copy show nothing |
      | git     | git init -q -b main . && git config alias.x '!echo alias; exit 4' && git x |
      | find    | find . -name '*.c' -exec sha1sum {} + -o -name '*.js' -exec sh -c 'echo "$1"; exit 4' - {} ';'; find nothing |
      | xargs   | ls \| xargs -n 3 sh -c 'echo "$@"; exit 4' -; echo $?; ls \| xargs -n 1 /nowhere/at/all |
      | tar     | tar -czf all.tgz --sort=name * && tar -xzf all.tgz --to-command='wc -c' && tar -tzf all.tgz; tar xf nothing |
      | sh      | printf 'b\na\n' \| sort \| (cat; exit 4) \| sh -c 'cat >&2; exit 3'        |
      | awk     | awk 'BEGIN { system("echo child"); "echo read" \| getline x; print x; exit 5 }' |
      | timeout | timeout 60 sh -c 'exit 4'; echo $?; setsid -w nice nohup stdbuf -oL sh -c 'echo deep; exit 5' |
      | setpriv | setpriv --no-new-privs sh -c 'echo quiet; exit 5'                          |
      | unshare | unshare --map-root-user sh -c 'id -u; exit 5'                              |
      | fakeroot | fakeroot sh -c 'touch a; chown 12:34 a; env -i ls -n a \| cut -d " " -f 3,4' |
      | su      | su --version; su nobody-at-all -c true                                     |

  Scenario: a program of another class
    Given the C program "hello32", made from "hello.c" with `gcc -m32`
    When I run `./hello32; echo $?; exec ./hello32` with and without covfork
    Then it is the same to the byte

  Scenario: a static program
    Given the C program "hello-static", made from "hello.c" with `gcc -static -w`
    When I run `./hello-static; echo $?; exec ./hello-static` with and without covfork
    Then it is the same to the byte

  Scenario Outline: a program built with a sanitizer
    Given the C program "hello-sanitized", made from "hello.c" with `gcc <option>`
    When I run `./hello-sanitized; echo $?; env -i ./hello-sanitized; exec ./hello-sanitized` with and without covfork
    Then it is the same to the byte

    Examples:
      | option                                   |
      | -fsanitize=address                       |
      | -fsanitize=address -static-libasan       |
      | -fsanitize=undefined                     |
      | -fsanitize=thread                        |

  Scenario: a setuid program
    Given the C program "who", made from "who.c" with `gcc`
    And "who" is a setuid program of another user
    When I run `./who; echo $?; sh -c "./who; :"; exec ./who` with and without covfork
    Then it is the same to the byte
    And the output has the words "1"

  Scenario Outline: beside what others preload
    Given the program "<program>" is found
    When I run `<command>` with and without covfork
    Then it is the same to the byte
    And the output has the words "<words>"

    Examples:
      | program  | command                                                                     | words      |
      | fakeroot | fakeroot sh -c 'touch a; chown 12:34 a; stat -c "%u %g" a; id -u; exit 5'   | 12 34      |
      | fakeroot | fakeroot tar -cf a.tar --owner=12 --group=34 hello.c && fakeroot sh -c 'tar -xf a.tar; stat -c "%u %g" hello.c' | 12 34 |
      | faketime | faketime '2020-01-02 03:04:05' sh -c 'date +%F; perl -e "print((localtime)[5], qq(\\n))"; exit 5' | 2020-01-02 |
      | faketime | faketime -f '@2020-01-02 03:04:05' fakeroot sh -c 'touch a; chown 12:34 a; stat -c %u a; date +%F' | 2020-01-02 |

  Scenario Outline: Python beside what others preload is recorded
    Given the program "<program>" is found
    And the target "others/preloads.py"
    When I run `LD_PRELOAD=$LIBRARY <program> <arguments> python preloads.py`
    Then the status is 0
    And the standard output is "<order>"
    And the standard error is empty
    And exactly the marked lines are recorded of "preloads.py"

    Examples: in the order that they choose
      | program  | arguments    | order                  |
      | fakeroot |              | libfakeroot libcovfork |
      | faketime | '2020-01-02' | libcovfork libfaketime |

  Scenario Outline: what is preloaded already stays first
    Given the program "<program>" is found
    And the target "others/preloads.py"
    When I run `<program> <arguments> covfork run -- python preloads.py`
    Then the status is 0
    And the standard output is "<order>"
    And exactly the marked lines are recorded of "preloads.py"

    Examples:
      | program  | arguments    | order                  |
      | fakeroot |              | libfakeroot libcovfork |
      | faketime | '2020-01-02' | libfaketime libcovfork |
