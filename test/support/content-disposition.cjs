// Jest cannot `require` an ES module before Node 24.9, and @fastify/static does. It needs this package for
// `reply.download` alone, which no page of ours uses; whoever begins to will hear of it.
const refuse = () => {
  throw new Error('content-disposition is not available in tests');
};
module.exports = { create: refuse, parse: refuse, default: refuse };
