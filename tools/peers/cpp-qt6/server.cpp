// An echo server on Qt WebSockets: server PORT. Its limits are far above what any scenario sends.
#include <QCoreApplication>
#include <QWebSocket>
#include <QWebSocketServer>

constexpr quint64 kSizeMax = 128U << 20;

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    QWebSocketServer server("echo", QWebSocketServer::NonSecureMode);
    server.setSupportedSubprotocols({"echo"});
    QObject::connect(&server, &QWebSocketServer::newConnection, [&] {
        QWebSocket* connection = server.nextPendingConnection();
        connection->setMaxAllowedIncomingFrameSize(kSizeMax);
        connection->setMaxAllowedIncomingMessageSize(kSizeMax);
        connection->setOutgoingFrameSize(kSizeMax);
        QObject::connect(connection, &QWebSocket::textMessageReceived, connection,
                         &QWebSocket::sendTextMessage);
        QObject::connect(connection, &QWebSocket::binaryMessageReceived, connection,
                         &QWebSocket::sendBinaryMessage);
        QObject::connect(connection, &QWebSocket::disconnected, connection, &QObject::deleteLater);
    });
    if (!server.listen(QHostAddress::LocalHost,
                       static_cast<quint16>(QByteArray(argv[1]).toUInt()))) {
        return 1;
    }
    return QCoreApplication::exec();
}
