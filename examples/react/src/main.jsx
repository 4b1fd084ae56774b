// A chat in one component: the person signs in, asks, and pays.
import { useEffect, useState } from "react"
import { createRoot } from "react-dom/client"
import { ai, usePurser } from "./purser.js"

function App() {
  const { person, balance, error } = usePurser()
  const [answer, setAnswer] = useState("")
  useEffect(() => {
    if (person) ai.balance().catch(() => {})
  }, [person])

  async function ask(event) {
    event.preventDefault()
    const about = new FormData(event.currentTarget).get("about")
    setAnswer("")
    try {
      for await (const text of ai.chat(`Write a haiku about ${about}.`, { max_tokens: 200 }))
        setAnswer((all) => all + text)
    } catch {
      // It is in `error`, which is shown.
    }
  }

  return (
    <main>
      <h1>Haiku</h1>
      <p>
        {person ? `Hello ${person.name ?? "you"}. ${balance ? `You have ${balance.credits} credits. ` : ""}` : ""}
        <button type="button" onClick={() => (person ? ai.signOut() : ai.signIn().catch(() => {}))}>
          {person ? "Sign out" : "Sign in"}
        </button>
      </p>
      <form onSubmit={ask}>
        <input name="about" aria-label="About" defaultValue="the sea" required /> <button type="submit">Write</button>
      </form>
      <p id="answer" role="status" style={{ whiteSpace: "pre-wrap" }}>
        {answer}
      </p>
      {error ? (
        <p role="alert">
          {error.message}{" "}
          {error.label ? (
            <button type="button" onClick={() => ai.resolve(error).catch(() => {})}>
              {error.label}
            </button>
          ) : null}
        </p>
      ) : null}
    </main>
  )
}

createRoot(document.getElementById("root")).render(<App />)
