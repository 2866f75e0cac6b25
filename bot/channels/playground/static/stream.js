// The one stream of events from which the page is built: everything from the beginning, then live.

const FIRST_WAIT = 500; // milliseconds until the first new try
const LONGEST_WAIT = 4000;

/** Milliseconds out of sight after which a page lets go: a browser holds six connections to a server, for all its tabs. */
const LET_GO = 2000;

/**
 * Follow the journal for as long as the page is open.
 *   entry(entry, live)  a chat, message, edit or departure; `live`: it happened while somebody was looking
 *   wiped()             forget everything that was shown
 *   caughtUp()          all that had happened before has been given
 *   connected(yes)      the connection is there, or lost and tried again
 *
 * The browser's own reconnection is not used: it would ask from where this page began, not from where it is.
 */
export function follow({ entry, wiped, caughtUp, connected }) {
  let last = 0;
  let live = false;
  let wait = FIRST_WAIT;
  let source = null;
  let timer = 0;
  let hiding = 0;

  function open() {
    clearTimeout(timer);
    source?.close();
    const mine = new EventSource(`/api/events?after=${last}`);
    source = mine;
    mine.onopen = () => {
      wait = FIRST_WAIT;
      connected(true);
    };
    mine.onerror = () => {
      mine.close();
      if (mine !== source) return;
      connected(false);
      timer = setTimeout(open, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    };
    mine.onmessage = (event) => mine === source && take(event);
  }

  function take(event) {
    const what = JSON.parse(event.data);
    if (what.is === "caught-up") {
      live = true;
      caughtUp();
      return;
    }
    const number = Number(event.lastEventId) || 0;
    // An event without a number is not of the journal: it says that the journal is another one than before.
    if (number && number <= last) return;
    last = number;
    if (what.is === "wiped") wiped();
    else entry(what, live);
  }

  function letGo() {
    clearTimeout(timer);
    source?.close();
    source = null;
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(hiding);
    if (document.hidden) hiding = setTimeout(letGo, LET_GO);
    else if (!source) open();
  });
  addEventListener("online", open);
  open();
}
