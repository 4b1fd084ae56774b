// The one page of the sample app. Plain HTML and a few lines of script; nothing of Purser's own design.

export const page = (name: string | null, issuer: string, tools?: string): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Storyteller</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
  body { max-width: 40rem; margin: 3rem auto; padding: 0 1rem }
  #answer { white-space: pre-wrap; min-height: 8rem; padding: 1rem; border: 1px solid #8886; border-radius: 10px }
  form { display: flex; gap: .5rem; margin: 1rem 0 } input { flex: 1 } input, button, .button { font: inherit; padding: .6rem .9rem }
</style>
<h1>Storyteller</h1>
<p>A sample app: it has no AI account of its own. Your credits at <a href="${escapeHtml(issuer)}/dashboard">Purser</a> pay for what you ask.</p>
${name === null ? `<p><a class="button" href="/login">Sign in with Purser</a></p>` : chat(name, tools)}
</html>`

const chat = (name: string, tools?: string): string => `<p>Hello ${escapeHtml(name)}.</p>
<form id="ask"><input name="prompt" aria-label="Your prompt" value="Tell me a short story about a lighthouse." required>
<button>Ask</button></form>${
  tools
    ? `
<p><label><input type="checkbox" id="tools"> with my tools in the group ${escapeHtml(tools)}</label></p>`
    : ""
}
<div id="answer" role="status"></div>
<script>
  const form = document.getElementById("ask"), answer = document.getElementById("answer")
  form.addEventListener("submit", async (event) => {
    event.preventDefault()
    answer.textContent = ""
    const tools = document.getElementById("tools")?.checked ? "?tools" : ""
    const response = await fetch("/chat" + tools, { method: "POST", body: form.prompt.value })
    for await (const bytes of response.body.pipeThrough(new TextDecoderStream())) answer.textContent += bytes
  })
</script>`

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
