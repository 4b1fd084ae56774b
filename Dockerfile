# Builds the executable, then ships it alone. Data lives in /storage; `purser healthcheck` needs no curl.
FROM oven/bun:1.4.5-slim AS build
WORKDIR /src
COPY package.json bun.lock bunfig.toml tsconfig.json ./
RUN bun install --frozen-lockfile
COPY . .
RUN bun run build

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
  && useradd --system --uid 10001 --create-home purser && install -d -o purser -g purser -m 700 /storage
COPY --from=build /src/dist/purser /usr/local/bin/purser
USER purser
ENV PURSER_DATA_DIR=/storage PURSER_HOST=0.0.0.0 PURSER_PORT=8080
VOLUME /storage
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=6s CMD ["purser", "healthcheck"]
ENTRYPOINT ["purser"]
CMD ["serve"]
