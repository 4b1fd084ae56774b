// The way forward while no app is linked: today's credits, apps to sign in to, an app of one's own. Made of what there is.
import { creditsText } from "../ui/format.ts"
import { Avatar, Icon } from "../ui/index.ts"
import type { Claim } from "./claim.tsx"

export interface Next {
  /** Apps that the operator runs, or that a demo brings; each with an address to open. */
  apps: readonly { name: string; href: string }[]
  /** This person builds apps already. */
  isDeveloper: boolean
}

/** @param next absent when an app is linked and only the first call is missing */
export function NextSteps({ claim, next }: { claim: Claim; next: Next | undefined }): JSX.Element {
  const apps = next?.apps ?? []
  return (
    <section aria-labelledby="next-title">
      <h2 id="next-title">What to do next</h2>
      <ol class="next-steps">
        {claim.state === "ready" ? (
          <li>
            <h3>Claim today’s credits</h3>
            <p safe>{`${creditsText(claim.amount)} are yours every day, for free.`}</p>
            <a href="#claim-button">Go to the claim</a>
          </li>
        ) : null}
        <li>
          <h3>{next ? "Sign in to an app" : "Use an app"}</h3>
          <p>
            Choose “Sign in with Purser” there, and say how much it may spend a day. What it uses appears here within a
            second, with the price of every call.
          </p>
          {apps.length > 0 ? (
            <ul class="plain app-links">
              {apps.map((app) => (
                <li>
                  <a href={app.href} rel="noopener">
                    <Avatar name={app.name} />
                    <bdi class="clip" title={app.name} safe>
                      {app.name}
                    </bdi>
                    <span class="quiet" safe>
                      {new URL(app.href).host}
                    </span>
                    <Icon name="out" />
                  </a>
                </li>
              ))}
            </ul>
          ) : null}
        </li>
        <li>
          <h3>Use a key of your own</h3>
          <p>A program of yours, or any OpenAI-compatible tool, calls models with it.</p>
          <a href="/keys/new">Make an API key</a>
        </li>
        {next ? (
          <li>
            <h3>Build an app</h3>
            <p>Your users pay for their own AI calls. You need no provider key and no card.</p>
            <a href="/developer">{next.isDeveloper ? "Go to your apps" : "Build an app"}</a>
          </li>
        ) : null}
      </ol>
    </section>
  )
}
