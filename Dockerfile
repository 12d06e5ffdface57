# The version that package.json pins for clones, so that both run on the same Node.js.
FROM node:24.21.0-trixie-slim AS build
WORKDIR /app
# Before the sources: as long as the dependencies do not change, this layer is reused.
COPY package.json package-lock.json ./
COPY web/package.json web/
COPY web/ide/package.json web/ide/
RUN npm ci
COPY . .
RUN npm run build
# A clone made under a strict umask has files that the user below could not read.
RUN chmod -R go=rX LICENSE dist package.json

FROM node:24.21.0-trixie-slim
ENV NODE_ENV=production
WORKDIR /app
# dist/ has all libraries but bcrypt, which is machine code and loads it through node-gyp-build.
COPY --from=build /app/node_modules/bcrypt node_modules/bcrypt
COPY --from=build /app/node_modules/node-gyp-build node_modules/node-gyp-build
COPY --from=build /app/LICENSE /app/package.json ./
COPY --from=build /app/dist dist
# All files belong to root: the server writes nothing but a cache in /tmp.
USER node
EXPOSE 4000
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s CMD ["node", "dist/main.js", "health"]
# In this form node is process 1 and hears SIGTERM, and arguments name another command: docker run todoql migrate --check
ENTRYPOINT ["node", "dist/main.js"]
CMD ["serve"]
