// A drawing of our own as inline SVG, so that it takes the colour of the page's text.
export default function ({ data, parentElement }) {
  const drawing = new DOMParser().parseFromString(data.svg, "image/svg+xml").documentElement
  parentElement.querySelector(".drawing").replaceChildren(document.importNode(drawing, true))
}
