# Mojo::UserAgent as a client under test. It offers permessage-deflate only if told to.
use Mojo::Base -strict, -signatures;
use Mojo::IOLoop;
use Mojo::UserAgent;
use Mojo::WebSocket qw(WS_PING);

my ($verb, $rest) = split /:/, $ENV{WSPROOF_ACTION} || 'echo', 2;
my %headers;
for my $line (split /\n/, $ENV{WSPROOF_HEADERS} // '') {
    my ($name, $value) = split /:\s*/, $line, 2;
    push @{$headers{$name}}, $value;
}
$headers{'Sec-WebSocket-Extensions'} = 'permessage-deflate' unless ($ENV{WSPROOF_DEFLATE} // '') eq '0';

my %actions = (
    echo   => sub ($tx) { },
    text   => sub ($tx) { $tx->send({text => $rest}) },
    binary => sub ($tx) { $tx->send({binary => pack 'H*', $rest}) },
    ping   => sub ($tx) { $tx->send([1, 0, 0, 0, WS_PING, $rest]) },
    close  => sub ($tx) { $tx->finish(split /:/, $rest // '', 2) },
);
exit 89 unless $actions{$verb};

my $client = Mojo::UserAgent->new(inactivity_timeout => 300, ca => $ENV{WSPROOF_CA});
$client->websocket(
    $ARGV[0] => \%headers => [split /,/, $ENV{WSPROOF_SUBPROTOCOLS} // ''] => sub ($agent, $tx) {
        return Mojo::IOLoop->stop unless $tx->is_websocket;
        $tx->max_websocket_size(128 << 20);
        $tx->on(text   => sub ($tx, $octets) { $tx->send({text => $octets}) });
        $tx->on(binary => sub ($tx, $octets) { $tx->send({binary => $octets}) });
        # Not at `finish`, which comes before the Close has left.
        Mojo::IOLoop->stream($tx->connection)->on(close => sub { Mojo::IOLoop->stop });
        $actions{$verb}->($tx);
    }
);
Mojo::IOLoop->start;
