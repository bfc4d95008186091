// PostGraphile 5 with its own preset, over its own HTTP server.
import { createServer } from 'node:http';
import { grafserv } from 'grafserv/node';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';

// It is written for Node 22; this is the one thing of it that Node 20 lacks.
Promise.withResolvers ??= () => {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
};

const preset = {
  extends: [PostGraphileAmberPreset],
  // Without global ids the column `id` keeps its name, as in every other server here.
  disablePlugins: ['NodePlugin'],
  pgServices: [makePgService({ connectionString: process.env.DATABASE_URL, schemas: ['public'], max: 10 })],
  grafserv: { graphqlPath: '/graphql', graphiql: false, watch: false },
  grafast: { explain: false },
};

const instance = postgraphile(preset);
const server = createServer();
const serv = instance.createServ(grafserv);
await serv.addTo(server);
server.listen(Number(process.env.PORT), process.env.HOST);
