// Qt WebSockets as a client under test. It has no permessage-deflate; without TLS here.
#include <QCoreApplication>
#include <QNetworkRequest>
#include <QTimer>
#include <QWebSocket>
#include <QWebSocketHandshakeOptions>

#include "../asked.hpp"

constexpr quint64 kSizeMax = 128U << 20;

static void act(QWebSocket& socket) {
    const asked::Action action = asked::action();
    const QByteArray payload = QByteArray::fromStdString(action.payload);
    if (action.verb == "text") {
        socket.sendTextMessage(QString::fromUtf8(payload));
    } else if (action.verb == "binary") {
        socket.sendBinaryMessage(payload);
    } else if (action.verb == "ping") {
        socket.ping(payload);
    } else if (action.verb == "close") {
        const auto code = action.code == 0 ? 1000 : action.code;
        socket.close(static_cast<QWebSocketProtocol::CloseCode>(code),
                     QString::fromStdString(action.reason));
    } else if (action.verb != "echo") {
        asked::unsupported();
    }
}

int main(int argc, char** argv) {
    if (asked::variable("WSPROOF_DEFLATE") == "1" || !asked::variable("WSPROOF_CA").empty()) {
        asked::unsupported();
    }
    QCoreApplication application(argc, argv);
    QWebSocket socket;
    socket.setMaxAllowedIncomingFrameSize(kSizeMax);
    socket.setMaxAllowedIncomingMessageSize(kSizeMax);
    socket.setOutgoingFrameSize(kSizeMax);
    bool has_opened = false;
    QObject::connect(&socket, &QWebSocket::connected, [&] {
        has_opened = true;
        act(socket);
    });
    QObject::connect(&socket, &QWebSocket::textMessageReceived, &socket,
                     &QWebSocket::sendTextMessage);
    QObject::connect(&socket, &QWebSocket::binaryMessageReceived, &socket,
                     &QWebSocket::sendBinaryMessage);
    const auto leave = [] { QTimer::singleShot(0, qApp, &QCoreApplication::quit); };
    QObject::connect(&socket, &QWebSocket::disconnected, leave);
    QObject::connect(&socket, QOverload<QAbstractSocket::SocketError>::of(&QWebSocket::error),
                     [&](QAbstractSocket::SocketError) {
                         if (!has_opened) {  // Qt leaves TCP to the program then
                             leave();
                         }
                     });
    QNetworkRequest request(QUrl(QString::fromLocal8Bit(argv[1])));
    for (const auto& [name, value] : asked::headers()) {
        request.setRawHeader(QByteArray::fromStdString(name), QByteArray::fromStdString(value));
    }
    QWebSocketHandshakeOptions options;
    QStringList names;
    for (const auto& name : asked::pieces(asked::variable("WSPROOF_SUBPROTOCOLS"), ',')) {
        names << QString::fromStdString(name);
    }
    options.setSubprotocols(names);
    socket.open(request, options);
    return QCoreApplication::exec();
}
