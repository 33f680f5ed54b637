//! Installs what tests need and is not there, and says what it does.

use std::path::Path;

use crate::workspace::Workspace;
use crate::{Failure, process};

/// A program that tests start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tool {
    /// Its names; one of them is enough.
    programs: &'static [&'static str],
    /// The Debian packages that bring it.
    packages: &'static [&'static str],
}

impl Tool {
    pub(crate) const CHROMIUM: Self = Self {
        programs: &["chromium", "chromium-browser", "google-chrome"],
        packages: &["chromium"],
    };
    pub(crate) const GO: Self = Self {
        programs: &["go"],
        packages: &["golang-go"],
    };
    pub(crate) const JAVA: Self = Self {
        programs: &["javac"],
        packages: &["default-jdk-headless"],
    };
    pub(crate) const MAVEN: Self = Self {
        programs: &["mvn"],
        packages: &["maven"],
    };
    pub(crate) const NODE: Self = Self {
        programs: &["node"],
        packages: &["nodejs"],
    };
    pub(crate) const NPM: Self = Self {
        programs: &["npm"],
        packages: &["npm"],
    };
    pub(crate) const POSTGRES: Self = Self {
        programs: &["postgres"],
        packages: &["postgresql"],
    };
    pub(crate) const PYTHON: Self = Self {
        programs: &["python3"],
        packages: &["python3", "python3-venv"],
    };

    fn is_there(self) -> bool {
        self.programs
            .iter()
            .any(|program| on_path(program) || beside_path(program))
    }
}

/// Installs the Debian packages of the tools that are not there.
///
/// # Errors
/// When one is missing and cannot be installed here.
pub(crate) fn tools(workspace: &Workspace, tools: &[Tool]) -> Result<(), Failure> {
    let missing = tools.iter().filter(|tool| !tool.is_there());
    let packages: Vec<&str> = missing.flat_map(|tool| tool.packages.iter().copied()).collect();
    if packages.is_empty() {
        return Ok(());
    }
    apt(workspace, &packages)?;
    match tools.iter().find(|tool| !tool.is_there()) {
        None => Ok(()),
        Some(tool) => Err(format!(
            "{} is still missing after its packages were installed",
            tool.programs.join(" or ")
        )),
    }
}

fn apt(workspace: &Workspace, packages: &[&str]) -> Result<(), Failure> {
    let names = packages.join(" ");
    if !on_path("apt-get") {
        return Err(format!(
            "missing: {names}. There is no apt-get here; install them in this system's own way"
        ));
    }
    let is_root = process::output(command(workspace, "id", &["-u"])).is_ok_and(|id| id.trim() == "0");
    if !is_root && !on_path("sudo") {
        return Err(format!("missing: {names}. As root, run: apt-get install {names}"));
    }
    println!("installing Debian packages: {names}");
    let as_root = |arguments: &[&str]| {
        let words: Vec<&str> = if is_root {
            ["env", "DEBIAN_FRONTEND=noninteractive"]
                .iter()
                .chain(arguments)
                .copied()
                .collect()
        } else {
            ["sudo", "env", "DEBIAN_FRONTEND=noninteractive"]
                .iter()
                .chain(arguments)
                .copied()
                .collect()
        };
        let (program, rest) = words.split_first().ok_or("nothing to run")?;
        process::run(command(workspace, program, rest))
    };
    as_root(&["apt-get", "update", "--quiet"])?;
    let mut install = vec![
        "apt-get",
        "install",
        "--yes",
        "--quiet",
        "--no-install-recommends",
    ];
    install.extend(packages);
    as_root(&install)
}

/// Adds a component of the Rust toolchain when its cargo command does not run.
///
/// # Errors
/// When it is missing and there is no rustup.
pub(crate) fn component(workspace: &Workspace, subcommand: &str, component: &str) -> Result<(), Failure> {
    if process::succeeds(process::cargo(workspace, &[subcommand, "--version"])) {
        return Ok(());
    }
    if !on_path("rustup") {
        return Err(format!(
            "`cargo {subcommand}` is missing and there is no rustup to add {component}"
        ));
    }
    println!("adding the Rust component {component}");
    process::run(command(workspace, "rustup", &["component", "add", component]))
}

/// Node packages, exactly as `package-lock.json` names them.
///
/// # Errors
/// When npm fails.
pub(crate) fn node_packages(workspace: &Workspace, folder: &str) -> Result<(), Failure> {
    if !workspace.path(folder).join("package-lock.json").exists() {
        return Ok(());
    }
    tools(workspace, &[Tool::NODE, Tool::NPM])?;
    let installed = workspace.path(folder).join("node_modules");
    let stamp = Stamp::of(workspace, &format!("{folder}/package-lock.json"))?;
    if stamp.is_current() && installed.exists() {
        return Ok(());
    }
    println!("installing Node packages in {folder}");
    let mut npm = command(workspace, "npm", &["ci", "--no-audit", "--no-fund"]);
    npm.current_dir(workspace.path(folder));
    process::run(npm)?;
    stamp.write()
}

/// Python packages in a virtual environment of this name below the target folder.
///
/// # Errors
/// When Python or pip fails.
pub(crate) fn python_packages(workspace: &Workspace, folder: &str, environment: &str) -> Result<(), Failure> {
    let requirements = format!("{folder}/requirements.txt");
    if !workspace.path(&requirements).exists() {
        return Ok(());
    }
    tools(workspace, &[Tool::PYTHON])?;
    let environment = workspace.target().join(environment);
    let stamp = Stamp::of(workspace, &requirements)?;
    if stamp.is_current() && environment.exists() {
        return Ok(());
    }
    println!(
        "installing Python packages of {folder} in {}",
        workspace.shown(&environment)
    );
    if !process::succeeds(command(workspace, "python3", &["-c", "import ensurepip, venv"])) {
        apt(workspace, &["python3-venv"])?;
    }
    let (environment_text, requirements_path) = (path_text(&environment)?, workspace.path(&requirements));
    process::run(command(
        workspace,
        "python3",
        &["-m", "venv", "--clear", environment_text],
    ))?;
    let python = environment.join("bin/python");
    let arguments = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
    ];
    let mut pip = command(workspace, path_text(&python)?, &arguments);
    pip.arg(requirements_path);
    process::run(pip)?;
    stamp.write()
}

/// Go modules, exactly as `go.sum` names them.
///
/// # Errors
/// When Go fails.
pub(crate) fn go_modules(workspace: &Workspace, folder: &str) -> Result<(), Failure> {
    if !workspace.path(folder).join("go.mod").exists() {
        return Ok(());
    }
    tools(workspace, &[Tool::GO])?;
    let mut go = command(workspace, "go", &["mod", "download"]);
    go.current_dir(workspace.path(folder));
    process::run(go)
}

/// Java packages, exactly as `pom.xml` names them, and the tests built with them in a folder below the target folder. The
/// tests themselves run without the network.
///
/// # Errors
/// When Maven fails.
pub(crate) fn java_packages(workspace: &Workspace, folder: &str, built: &str) -> Result<(), Failure> {
    let project = format!("{folder}/pom.xml");
    if !workspace.path(&project).exists() {
        return Ok(());
    }
    tools(workspace, &[Tool::JAVA, Tool::MAVEN])?;
    let built = workspace.target().join(built);
    let stamp = Stamp::of(workspace, &project)?;
    if stamp.is_current() && built.exists() {
        return Ok(());
    }
    println!("installing Java packages of {folder}");
    let mut maven = command(workspace, "mvn", &["--batch-mode", "--quiet", "-DskipTests"]);
    maven
        .arg(format!("-Dbuild.folder={}", path_text(&built)?))
        .arg("test")
        .current_dir(workspace.path(folder));
    process::run(maven)?;
    stamp.write()
}

/// What was installed last, so that it is installed once.
struct Stamp {
    path: std::path::PathBuf,
    wanted: String,
}

impl Stamp {
    fn of(workspace: &Workspace, list: &str) -> Result<Self, Failure> {
        let name = format!("{}.installed", list.replace('/', "-"));
        Ok(Self {
            path: workspace.target().join("xtask").join(name),
            wanted: workspace.read(&workspace.path(list))?,
        })
    }

    fn is_current(&self) -> bool {
        std::fs::read_to_string(&self.path).is_ok_and(|installed| installed == self.wanted)
    }

    fn write(&self) -> Result<(), Failure> {
        let folder = self.path.parent().ok_or("a stamp has no folder")?;
        std::fs::create_dir_all(folder)
            .and_then(|()| std::fs::write(&self.path, &self.wanted))
            .map_err(|error| format!("{} cannot be written: {error}", self.path.display()))
    }
}

fn command(workspace: &Workspace, program: &str, arguments: &[&str]) -> std::process::Command {
    let mut command = process::command(workspace, program);
    command.args(arguments);
    command
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Debian puts the programs of a PostgreSQL server into folders of their version.
fn beside_path(program: &str) -> bool {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut folders = versions.flatten().map(|version| version.path().join("bin"));
    folders.any(|folder| folder.join(program).is_file())
}

fn path_text(path: &Path) -> Result<&str, Failure> {
    path.to_str()
        .ok_or_else(|| format!("{} is not Unicode", path.display()))
}
