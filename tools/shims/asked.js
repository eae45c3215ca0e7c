// What wsproof asks of a client, as PORTING.md says: read from the environment, for the JavaScript shims.
const { readFileSync } = require('node:fs');
const { argv, env } = require('node:process');

const words = env.WSPROOF_ACTION || 'echo';
const [verb, ...rest] = words.split(':');

exports.url = argv[2];
exports.subprotocols = (env.WSPROOF_SUBPROTOCOLS || '').split(',').filter(Boolean);
exports.deflate = env.WSPROOF_DEFLATE ? env.WSPROOF_DEFLATE === '1' : undefined; // undefined: as the client likes
exports.headers = Object.fromEntries(
  (env.WSPROOF_HEADERS || '').split('\n').filter(Boolean).map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  }),
);
exports.ca = env.WSPROOF_CA ? readFileSync(env.WSPROOF_CA) : undefined;
exports.verb = verb;

exports.unsupported = () => process.exit(89);

// doAction calls the one of {text(string), binary(bytes), ping(bytes), close(code, reason)} that is asked for; code is
// undefined where none is. What is not there, or throws, the client cannot do.
exports.doAction = (actions) => {
  if (verb === 'echo') return;
  const payload = rest.join(':');
  try {
    if (verb === 'text') actions.text(payload);
    else if (verb === 'binary') actions.binary(Buffer.from(payload, 'hex'));
    else if (verb === 'ping') actions.ping(Buffer.from(payload));
    else if (verb === 'close') actions.close(rest.length ? Number(rest[0]) : undefined, rest.slice(1).join(':'));
    else exports.unsupported();
  } catch {
    exports.unsupported();
  }
};
