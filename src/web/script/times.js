// Relative times in lists, which stay right while the page is open.
{
  const relative = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto", style: "narrow" });
  const freshen = (root) => {
    for (const time of root.querySelectorAll(".when time, .notification time")) {
      const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000;
      const [size, unit] = [[86400, "day"], [3600, "hour"], [60, "minute"]].find(([s]) => -seconds >= s) || [1, "second"];
      if (-seconds < 7 * 86400) time.textContent = relative.format(Math.round(seconds / size), unit);
    }
  };
  enhancements.push(freshen);
  setInterval(() => document.hidden || freshen(document), 60_000);
}
