// Questions that lie over the page. The browser's own <dialog> keeps the keyboard inside and gives the focus back.

import { loadMap } from "./map.js";
import { addPhone, Refused, startOver } from "./post.js";
import { properName } from "./words.js";

/**
 * Show a dialog until it is answered; true if with yes.
 *   shown()  once it is visible
 *   check()  a line that says why the answer will not do, or ""; may be a promise
 */
export function ask(dialog, { shown = () => {}, check = () => "" } = {}) {
  const form = dialog.querySelector("form");
  const refusal = dialog.querySelector(".refusal");
  refusal.textContent = "";
  dialog.returnValue = "";
  return new Promise((resolve) => {
    async function submitted(event) {
      event.preventDefault();
      refusal.textContent = await check();
      if (!refusal.textContent) dialog.close("yes");
    }
    function cancelled() {
      dialog.close("");
    }
    function closed() {
      form.removeEventListener("submit", submitted);
      form.querySelector(".cancel").removeEventListener("click", cancelled);
      resolve(dialog.returnValue === "yes");
    }
    form.addEventListener("submit", submitted);
    form.querySelector(".cancel").addEventListener("click", cancelled);
    dialog.addEventListener("close", closed, { once: true });
    dialog.showModal();
    shown();
  });
}

/** Ask whether to start over, and do it. */
export function askStartOver() {
  return ask(document.getElementById("dialog-start-over"), { check: () => fault(startOver) });
}

/** Ask what phone to add, and add it; gives its chat, or "" if the person gave up. */
export async function askPhone() {
  const dialog = document.getElementById("dialog-phone");
  const form = dialog.querySelector("form");
  const { centre, role } = form.elements;
  const districts = await loadMap().catch(() => []);
  centre.replaceChildren(...districts.map(({ code, name }) => new Option(properName(name).text, code)));
  const district = dialog.querySelector("#phone-district");
  const showDistrict = () => district.toggleAttribute("hidden", role.value !== "headman");
  form.reset();
  showDistrict();
  form.onchange = showDistrict;
  let chat = "";
  const added = await ask(dialog, {
    check: () => fault(async () => {
      const phone = Object.fromEntries(new FormData(form));
      if (phone.role !== "headman") phone.centre = "";
      chat = await addPhone(phone);
    }),
  });
  return added ? chat : "";
}

/** Do it; a line that says why it failed, or "". */
async function fault(doing) {
  try {
    await doing();
    return "";
  } catch (error) {
    if (error instanceof Refused) return error.message;
    throw error;
  }
}
