/** Starts children, prints, and ends with a status of its own. */
public class Starts {
    public static void main(String[] arguments) throws Exception {
        Thread thread = new Thread(() -> System.out.println("in a thread"));
        thread.start();
        thread.join();
        Process child = new ProcessBuilder("sh", "-c", "echo child; exit 4").inheritIO().start();
        System.out.println(child.waitFor());
        System.err.println("an error");
        System.exit(5);
    }
}
