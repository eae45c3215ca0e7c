# An echo server on Mojolicious: server.pl daemon -l http://127.0.0.1:PORT. Its limit is far above what any scenario sends.
use Mojolicious::Lite -signatures;

websocket '/*rest' => {rest => ''} => sub ($c) {
    $c->inactivity_timeout(300);
    my $tx = $c->tx;
    $tx->max_websocket_size(128 << 20);
    $tx->with_protocols('echo');
    $tx->with_compression;
    $tx->on(text   => sub ($tx, $bytes) { $tx->send({text   => $bytes}) });
    $tx->on(binary => sub ($tx, $bytes) { $tx->send({binary => $bytes}) });
    $c->rendered(101);
};
app->log->level('fatal');
app->start;
