"""What the notebook shows things with; here nobody looks."""


def display(*shown):
    for thing in shown:
        print(thing)


class HTML(str):
    pass


Image = Markdown = HTML
