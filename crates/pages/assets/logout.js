// Goes on to the app once the frames that sign people out elsewhere have loaded, or after five seconds.
(function () {
  "use strict";
  var link = document.getElementById("logout-continue");
  var left = false;
  function leave() {
    if (!left) {
      left = true;
      window.location.replace(link.href);
    }
  }
  // The load event of the window waits for the frames too.
  if (document.readyState === "complete") {
    leave();
  } else {
    window.addEventListener("load", leave);
    window.setTimeout(leave, 5000);
  }
})();
