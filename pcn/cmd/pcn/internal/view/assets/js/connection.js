// follow receives what the server sends, for ever: when the connection breaks
// it makes a new one, soon at first and then every few seconds. Each connection
// starts from nothing and is told everything.
function follow(onUpdate, onConnection) {
  const silence = 15000; // the server sends something at least every five seconds
  let delay = 500, watchdog;

  function connect() {
    const source = new EventSource("/events");
    let first = true;
    const again = () => {
      source.close();
      clearTimeout(watchdog);
      onConnection("lost");
      setTimeout(connect, delay);
      delay = Math.min(2 * delay, 5000);
    };
    const alive = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(again, silence);
    };
    source.onerror = again;
    source.addEventListener("page", ({ data }) => {
      // The server may be a newer program by now, with another page.
      if (data !== document.documentElement.dataset.version) location.reload();
    });
    source.onmessage = ({ data }) => {
      alive();
      delay = 500;
      onUpdate(JSON.parse(data), first);
      first = false;
      onConnection("open");
    };
    alive();
  }
  connect();
}
