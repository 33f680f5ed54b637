// Adds a copy button to each example of the development pages. Without this script the text can still be selected.
(function () {
  "use strict";
  if (!navigator.clipboard) return;
  document.querySelectorAll("[data-copy]").forEach(function (block) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = block.getAttribute("data-copy");
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(block.querySelector("code").textContent).then(function () {
        button.textContent = block.getAttribute("data-copied");
        setTimeout(function () { button.textContent = block.getAttribute("data-copy"); }, 2000);
      });
    });
    block.appendChild(button);
  });
})();
