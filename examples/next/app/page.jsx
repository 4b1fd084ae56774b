// The one page: rendered on the server, which knows who is signed in.
import { readSession } from "../lib/purser.js"
import { Ask } from "./ask.jsx"

export default async function Page() {
  const session = await readSession()
  return (
    <main>
      <h1>Haiku</h1>
      {session?.name ? (
        <>
          <p>Hello {session.name}.</p>
          <Ask />
        </>
      ) : (
        <p>
          <a href="/login">Sign in</a>
        </p>
      )}
    </main>
  )
}
