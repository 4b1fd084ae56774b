// Larger scripts come with the part that needs them, also when a swap brings it: `data-module` is their address.
import { part } from "./parts.js"

part("[data-module]", (element) => import(element.dataset.module))
