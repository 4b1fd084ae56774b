"use client"
// The form; the answer comes in pieces from our own server, which has the token.
import { useEffect, useState } from "react"

export function Ask() {
  const [answer, setAnswer] = useState("")
  // A press before the scripts are there would only send the form to this page.
  const [isReady, setReady] = useState(false)
  useEffect(() => setReady(true), [])

  async function ask(event) {
    event.preventDefault()
    const about = new FormData(event.currentTarget).get("about")
    setAnswer("")
    const response = await fetch("/chat", { method: "POST", body: about })
    for await (const words of response.body.pipeThrough(new TextDecoderStream())) setAnswer((all) => all + words)
  }

  return (
    <>
      <form onSubmit={ask}>
        <input name="about" aria-label="About" defaultValue="the sea" required />{" "}
        <button type="submit" disabled={!isReady}>
          Write
        </button>
      </form>
      <p id="answer" role="status" style={{ whiteSpace: "pre-wrap" }}>
        {answer}
      </p>
    </>
  )
}
