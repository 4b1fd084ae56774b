// Shows index.html on this machine, with the server and the app of the environment in it. What you put on a web server is index.html alone.
const { PURSER_ISSUER, PURSER_CLIENT_ID, PORT = "3000", MODEL = "capability:fast" } = process.env
if (!PURSER_ISSUER || !PURSER_CLIENT_ID) {
  console.error("Set PURSER_ISSUER and PURSER_CLIENT_ID (create a public app at /developer/apps/new).")
  process.exit(2)
}
const page = (await Bun.file(`${import.meta.dir}/index.html`).text())
  .replace("https://ai.example.com", PURSER_ISSUER)
  .replace("cli_…", PURSER_CLIENT_ID)
  .replace("capability:fast", MODEL)
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: Number(PORT),
  fetch: () => new Response(page, { headers: { "content-type": "text/html; charset=utf-8" } }),
})
console.log(`Haiku is at http://localhost:${server.port}/`)

export {}
