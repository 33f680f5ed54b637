// Sends the answer of response_mode=form_post to the app.
(function () {
  "use strict";
  var form = document.getElementById("form-post");
  // A second click would send the same code twice, and a code seen twice is taken for stolen.
  document.getElementById("form-post-continue").disabled = true;
  // A field called "submit" would hide the method of the form.
  HTMLFormElement.prototype.submit.call(form);
})();
