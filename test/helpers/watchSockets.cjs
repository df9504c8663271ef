// Preloaded into every Node process of a studio under test (NODE_OPTIONS): writes down each address that is not this
// machine's own before it is connected to, sent to or looked up.
const { appendFileSync } = require('node:fs');
const dgram = require('node:dgram');
const dns = require('node:dns');
const net = require('node:net');

const isOwn = (host) => /^(localhost|127\.|::1$|::ffff:127\.)/.test(host);
const note = (what) => appendFileSync(process.env.PITH_WATCH_SOCKETS, `${what}\n`);
appendFileSync(`${process.env.PITH_WATCH_SOCKETS}.processes`, `${process.pid} ${process.argv[1]}\n`);

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  const [options] = Array.isArray(args[0]) ? args[0] : args;
  const isPath = typeof options === 'string' || options?.path !== undefined;
  const host = typeof options === 'object' ? (options.host ?? 'localhost') : (args[1] ?? 'localhost');
  if (!isPath && typeof host === 'string' && !isOwn(host)) note(`tcp ${host}`);
  return connect.apply(this, args);
};
const { send } = dgram.Socket.prototype;
dgram.Socket.prototype.send = function (...args) {
  note(`udp ${args.filter((a) => typeof a === 'string').join(' ')}`);
  return send.apply(this, args);
};
for (const api of [dns, dns.promises]) {
  for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6']) {
    const own = api[name];
    api[name] = (host, ...rest) => {
      if (!isOwn(host)) note(`dns ${host}`);
      return own(host, ...rest);
    };
  }
}
