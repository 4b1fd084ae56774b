// Parts of the directory: the card of an app, its screenshot, who made it and whether anybody checked.
import { count, plural } from "../../ui/format.ts"
import { Avatar, Badge, Icon } from "../../ui/index.ts"
import { type AppCard, appPath, type ShownPicture } from "./types.ts"

const SIZES = "(min-width: 48rem) 20rem, 92vw"

/** Its room is kept before it is there: nothing moves. */
export function Shot({
  shot,
  sizes = SIZES,
  lazy,
}: {
  shot: ShownPicture
  sizes?: string
  lazy?: boolean
}): JSX.Element {
  return (
    <img
      class={shot.alt === "" ? "app-shot beside" : "app-shot"}
      src={shot.middle}
      srcset={`${shot.small} 320w, ${shot.middle} 640w, ${shot.large} 1280w`}
      {...{ sizes }}
      alt={shot.alt}
      width="1280"
      height="720"
      loading={lazy ? "lazy" : undefined}
      decoding="async"
    />
  )
}

export const peopleText = (people: number): string => `Used by ${plural(people, "person", "people")} in 30 days`

export function By({ developer, verifiedHost }: Pick<AppCard, "developer" | "verifiedHost">): JSX.Element {
  return (
    <span class="app-by">
      <span class="quiet">
        {"By "}
        <bdi safe>{developer}</bdi>
      </span>
      {verifiedHost === null ? null : (
        <span class="app-verified">
          <Icon name="check" />
          <span class="sr">{"Verified domain: "}</span>
          <bdi safe>{verifiedHost}</bdi>
        </span>
      )}
    </span>
  )
}

export function Card({ app, at }: { app: AppCard; at: number }): JSX.Element {
  return (
    <article class="press-card app-card">
      {app.shot ? (
        // Beside the name, which says all: the picture is for who sees it.
        <Shot shot={{ ...app.shot, alt: "" }} lazy={at > 2} />
      ) : (
        <span class="app-shot app-blank" aria-hidden="true" safe>
          {[...app.name][0] ?? ""}
        </span>
      )}
      <div class="app-card-head">
        <Avatar name={app.name} src={app.iconUrl} />
        <div>
          <h3>
            <a href={appPath(app.slug)}>
              <bdi safe>{app.name}</bdi>
            </a>
          </h3>
          <By {...app} />
        </div>
      </div>
      <p class="app-tagline" safe>
        {app.tagline}
      </p>
      <p class="press-card-foot">
        <span class="badges">
          {app.isFeatured ? <Badge tone="accent" text="Featured" /> : null}
          <Badge text={app.category} />
        </span>
        {app.people === null ? null : (
          <span class="quiet num">
            <span class="sr">{`${peopleText(app.people)}` as "safe"}</span>
            <span aria-hidden="true" title={peopleText(app.people)} safe>
              {`${count(app.people)} ${app.people === 1 ? "person" : "people"}`}
            </span>
          </span>
        )}
      </p>
    </article>
  )
}
