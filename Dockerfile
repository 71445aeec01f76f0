# Plimsoll as a container: docker build -t plimsoll .
# Three stages: what the bundle is built with, the few packages that stay outside of it, and what runs.

FROM node:22-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.library.json tsconfig.web.json vite.config.ts ./
COPY scripts ./scripts
COPY abis ./abis
COPY src ./src
RUN npm run build

FROM node:22-bookworm-slim AS packages
# better-sqlite3 is compiled here, for the very Node and libc that run it.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends python3 make g++ \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund \
  && npm_config_build_from_source=true npm rebuild better-sqlite3 \
  && node -e "new (require('better-sqlite3'))(':memory:').prepare('SELECT 1').get()"

FROM node:22-bookworm-slim
ENV NODE_ENV=production \
    PLIMSOLL_CONFIG=/etc/plimsoll/plimsoll.yaml \
    PLIMSOLL_CACHE=/var/lib/plimsoll/cache
WORKDIR /opt/plimsoll
COPY --from=packages /build/node_modules ./node_modules
COPY package.json LICENSE README.md CHANGELOG.md ./
COPY docs ./docs
COPY migrations ./migrations
COPY --from=build /build/dist ./dist
RUN ln -s /opt/plimsoll/dist/src/cli/main.js /usr/local/bin/plimsoll \
  && chmod 0755 /opt/plimsoll/dist/src/cli/main.js \
  && install --directory --owner=node --group=node --mode=0750 /var/lib/plimsoll

# The database, its log, its lock and the control socket lie together here.
VOLUME /var/lib/plimsoll
USER node
WORKDIR /var/lib/plimsoll
EXPOSE 4160
STOPSIGNAL SIGTERM
# Red where what is told is older than its bound; a book takes a while to be found first.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10m --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4160/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["plimsoll"]
CMD ["watch"]
