# One image for the whole fleet; the command says which role a container plays:
#   node dist/apps/gateway/src/main.js            (likewise order-worker, payment-worker, seat-worker, reminder-worker,
#                                                  delivery-worker, dispatcher, sandbox-provider)
#   ./billfleet migrate, ./billfleet work list …  (the command line; it finds no sources here, so it compiles nothing)

# Sources become dist with everything that development needs.
FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node -e "import('./apps/cli/launcher/compile.mjs').then(({ compile }) => compile(process.cwd()))" \
  && node -e "import('./apps/cli/launcher/build-page.mjs').then(({ buildPage }) => buildPage(process.cwd()))"

# The packages that processes really load: no tools, and no private PostgreSQL.
FROM node:20-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM node:20-bookworm-slim AS runtime
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 BILLFLEET_HEALTH_PORT=3100
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json billfleet ./
COPY config config
COPY docs/reference/http-errors.md docs/reference/
# The sandbox provider keeps its records here; nothing else in the image is writable.
RUN mkdir -p .data && chown node:node .data
USER node
EXPOSE 3000 3010 3025 3100
CMD ["node", "dist/apps/gateway/src/main.js"]
