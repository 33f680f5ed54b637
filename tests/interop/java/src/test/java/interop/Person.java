package interop;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Logs in on the real pages, in a browser that keeps its cookies: who signed in with it can sign out. */
final class Person {
    private final Path cookies;

    Person() throws IOException {
        cookies = Files.createTempDirectory("browser-").resolve("cookies");
    }

    /** Answers an authorization request; returns the address that the application is called at. */
    URI signIn(URI request) throws IOException, InterruptedException {
        return act(List.of(request.toString()));
    }

    /** Answers a logout request; returns the address that the browser is sent back to. */
    URI signOut(URI request) throws IOException, InterruptedException {
        return act(List.of("--sign-out", request.toString()));
    }

    private URI act(List<String> words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(System.getenv("SIGN_IN"), "--cookies", cookies.toString()));
        command.addAll(words);
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String printed = new String(process.getInputStream().readAllBytes()).strip();
        if (process.waitFor() != 0) {
            throw new IOException("the person could not go on at " + words);
        }
        return URI.create(printed);
    }
}
