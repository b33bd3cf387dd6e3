// A static program: it starts others, prints, and ends with a status of its own.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"sync"
)

func main() {
	var group sync.WaitGroup
	sums := make([]int, 4)
	for i := range sums {
		group.Add(1)
		go func(i int) {
			defer group.Done()
			for n := 0; n <= 1000*i; n++ {
				sums[i] += n
			}
		}(i)
	}
	group.Wait()
	fmt.Println(sums)
	out, err := exec.Command("sh", "-c", "echo child; exit 4").CombinedOutput()
	fmt.Printf("%s%v\n", out, err)
	child := exec.Command("cat", "/nowhere/at/all")
	child.Stderr = os.Stderr
	fmt.Println(child.Run())
	os.Exit(5)
}
