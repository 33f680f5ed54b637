package interop;

import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.openid.connect.sdk.BackChannelLogoutRequest;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A {@code backchannel_logout_uri} that somebody listens at. */
final class LogoutListener implements AutoCloseable {
    private final HttpServer server;
    private final BlockingQueue<HTTPRequest> heard = new LinkedBlockingQueue<>();

    LogoutListener() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/backchannel-logout");
    }

    /** What was posted, as the SDK reads it. */
    BackChannelLogoutRequest next() throws InterruptedException, ParseException {
        HTTPRequest request = heard.poll(10, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("no logout token arrived");
        }
        return BackChannelLogoutRequest.parse(request);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            HTTPRequest request = new HTTPRequest(HTTPRequest.Method.valueOf(exchange.getRequestMethod()), uri());
            request.setContentType(exchange.getRequestHeaders().getFirst("Content-Type"));
            request.setBody(new String(exchange.getRequestBody().readAllBytes()));
            heard.add(request);
            exchange.sendResponseHeaders(200, -1);
        } catch (ParseException malformed) {
            throw new IOException(malformed);
        }
    }
}
