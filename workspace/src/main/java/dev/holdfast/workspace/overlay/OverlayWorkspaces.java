package dev.holdfast.workspace.overlay;

import dev.holdfast.workspace.CommitId;
import dev.holdfast.workspace.Workspace;
import dev.holdfast.workspace.WorkspaceException;
import dev.holdfast.workspace.WorkspaceId;
import dev.holdfast.workspace.WorkspaceSpec;
import dev.holdfast.workspace.Workspaces;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Workspaces on this machine, as overlays with a disk of their own. Needs overlayfs, and for root
 * loop devices and ext4; an ordinary user's disks are in memory, and what is on them is saved as a
 * checkpoint when the workspace is closed.
 */
public final class OverlayWorkspaces implements Workspaces {
  private static final String BRANCH =
      "(?!.*(\\.\\.|//|@\\{|\\.lock(/|$)|/\\.|\\.$|/$))[A-Za-z0-9][A-Za-z0-9._/@-]{0,199}";
  private final Path workspaces;
  private final Bases bases;
  private final Disk disk;
  private final Git git;
  private final int owner;
  private final Locks locks;
  private final Map<WorkspaceId, OverlayWorkspace> live = new ConcurrentHashMap<>();

  /**
   * @param stateDir Holdfast's directory; made when missing
   * @param owner host user and group id that the files belong to, as {@code
   *     WorkbenchEngine.owner()} says
   */
  public OverlayWorkspaces(Path stateDir, int owner) {
    try {
      Path state = Files.createDirectories(stateDir).toRealPath();
      this.workspaces = Files.createDirectories(state.resolve("workspaces"));
      this.git = new Git(state.resolve("run").resolve("git"));
      this.locks = new Locks(state.resolve("run").resolve("locks"));
      this.bases = new Bases(git, locks, state, owner);
      this.disk = new Disk(state.resolve("run").resolve("disks"));
      this.owner = owner;
    } catch (IOException e) {
      throw new WorkspaceException(
          "state directory `%s` cannot be used: %s".formatted(stateDir, e.getMessage()), e);
    }
  }

  @Override
  public Workspace create(WorkspaceSpec spec) {
    requireBranch(spec.branch());
    return attempt(
        spec.id(),
        () -> {
          Source source = Source.of(git, spec.repository());
          Mirror mirror = bases.mirror(source);
          CommitId commit = bases.commit(mirror, source, spec);
          BaseTree base = bases.open(mirror, commit);
          return make(
              new Layout.Saved(spec, source, commit),
              base,
              layout -> checkOut(layout, spec, base),
              workspace -> workspace.checkpoint("created"));
        });
  }

  @Override
  public Workspace copy(
      Map<String, String> origin, WorkspaceId id, String branch, Filling differences) {
    requireBranch(branch);
    return attempt(
        id,
        () -> {
          Layout.Saved from = Layout.Saved.of(id, origin);
          BaseTree base = bases.open(bases.mirror(from.source()), from.base());
          return make(
              from.on(branch),
              base,
              layout -> {
                differences.into(layout.upper());
                new BranchInside(from.spec().branch(), branch).rename(layout.upper(), owner);
                Disk.settle(layout);
              },
              _ -> {});
        });
  }

  private static void requireBranch(String branch) {
    if (!branch.matches(BRANCH)) {
      throw new WorkspaceException(
          "branch `%s` is not allowed: it must match `%s`".formatted(branch, BRANCH));
    }
  }

  @FunctionalInterface
  private interface Work<T> {
    void on(T part) throws IOException;
  }

  /**
   * @param fill puts files into the upper directory, which is not mounted yet
   * @param before done before the workspace counts as made
   */
  private Workspace make(
      Layout.Saved made, BaseTree base, Work<Layout> fill, Work<OverlayWorkspace> before)
      throws IOException {
    WorkspaceSpec spec = made.spec();
    var layout = layout(spec.id());
    try {
      Files.createDirectory(layout.directory());
    } catch (FileAlreadyExistsException e) {
      throw new WorkspaceException("workspace `%s` exists already".formatted(spec.id()), e);
    }
    try {
      Owner.self().write(layout.owner());
      makeDisk(layout, spec.diskBytes());
      fill.on(layout);
      var workspace = register(layout, spec, bases.mirror(made.source()), base);
      workspace.finishRollback();
      before.on(workspace);
      layout.save(made);
      return workspace;
    } catch (IOException | RuntimeException e) {
      live.remove(spec.id());
      remove(layout);
      throw e;
    }
  }

  /** Makes the disk, and in it an empty upper directory. */
  private void makeDisk(Layout layout, long bytes) throws IOException {
    Files.createDirectory(layout.tree());
    disk.make(bytes, layout);
    Files.createDirectory(layout.work());
    Files.createDirectory(layout.upper());
    adoptUpper(layout);
  }

  private void adoptUpper(Layout layout) throws IOException {
    try (Directory root = Directory.open(layout.disk())) {
      adopt(root, "upper");
    }
  }

  /** Has the branch checked out. */
  private void checkOut(Layout layout, WorkspaceSpec spec, BaseTree base) throws IOException {
    Path branch = layout.upper().resolve(".git/refs/heads").resolve(spec.branch());
    Files.createDirectories(branch.getParent());
    Files.writeString(branch, base.commit().value() + "\n");
    Files.writeString(
        layout.upper().resolve(".git/HEAD"),
        "ref: refs/heads/" + spec.branch() + "\n",
        StandardCharsets.UTF_8);
    adoptUpper(layout);
  }

  private void adopt(Directory parent, String name) throws IOException {
    parent.chown(name, owner);
    if (parent.stat(name).isDirectory()) {
      try (Directory directory = parent.directory(name)) {
        directory.chmod(0755);
        for (String child : directory.names()) {
          adopt(directory, child);
        }
      }
    }
  }

  @Override
  public Workspace open(WorkspaceId id) {
    var present = live.get(id);
    if (present != null) {
      return present;
    }
    return attempt(
        id,
        () -> {
          var layout = layout(id);
          Layout.Saved saved = layout.read(id);
          Mirror mirror = bases.mirror(saved.source());
          BaseTree base = bases.open(mirror, saved.base());
          boolean empty = takeOver(layout, saved.spec());
          var workspace = register(layout, saved.spec(), mirror, base);
          if (empty) {
            workspace.returnToLast();
          }
          workspace.finishRollback();
          return workspace;
        });
  }

  /**
   * Mends the disk when the machine went down under it, and notes who uses it now. True when the
   * disk is empty, as it does not last.
   */
  private boolean takeOver(Layout layout, WorkspaceSpec spec) throws IOException {
    var before = Owner.read(layout.owner());
    boolean wentDown = before.isPresent() && !before.get().boot().equals(Owner.currentBoot());
    if (wentDown && Disk.isLasting()) {
      Disk.mend(layout.image());
    }
    if (before.isEmpty() || !before.get().alive()) {
      Owner.self().write(layout.owner());
    }
    if (Mounts.Table.read().contains(layout.disk())) {
      return false;
    }
    Disk.mount(spec.diskBytes(), layout);
    if (Disk.isLasting()) {
      return false;
    }
    Files.createDirectory(layout.work());
    Files.createDirectory(layout.upper());
    adoptUpper(layout);
    return true;
  }

  private OverlayWorkspace register(Layout layout, WorkspaceSpec spec, Mirror mirror, BaseTree base)
      throws IOException {
    var workspace =
        new OverlayWorkspace(layout, spec, mirror, base, owner, () -> release(layout, spec.id()));
    live.put(spec.id(), workspace);
    return workspace;
  }

  /** Unmounts what this process mounted; another live process keeps what it uses. */
  private void release(Layout layout, WorkspaceId id) {
    attempt(
        id,
        () -> {
          live.remove(id);
          var holder = Owner.read(layout.owner());
          if (holder.isPresent() && holder.get().equals(Owner.self())) {
            MountedTree.end(layout);
          }
          return id;
        });
  }

  @Override
  public List<WorkspaceId> list() {
    try (Stream<Path> directories = Files.list(workspaces)) {
      return directories
          .filter(directory -> new Layout(directory).complete())
          .map(directory -> new WorkspaceId(directory.getFileName().toString()))
          .sorted(java.util.Comparator.comparing(WorkspaceId::value))
          .toList();
    } catch (IOException e) {
      throw new WorkspaceException("the workspaces cannot be listed: " + e.getMessage(), e);
    }
  }

  /**
   * The checked-out trees and mirrors that no workspace needs and that were last used longer ago
   * than this, at least a day. They can be made again from the repository.
   *
   * @param kept of saved files, what {@link Workspace#origin} told: copies will need their trees
   */
  public List<Path> unused(Duration idle, List<Map<String, String>> kept) {
    return unused(before(idle), kept);
  }

  private List<Path> unused(Instant since, List<Map<String, String>> kept) {
    try {
      return bases.unused(uses(kept), since);
    } catch (IOException e) {
      throw new WorkspaceException("the base trees cannot be listed: " + e.getMessage(), e);
    }
  }

  /** Removes what {@link #unused} names, and returns what was removed. */
  public List<Path> removeUnused(Duration idle, List<Map<String, String>> kept) {
    Instant since = before(idle);
    var removed = new ArrayList<Path>();
    for (Path directory : unused(since, kept)) {
      try {
        if (bases.remove(directory, since)) {
          removed.add(directory);
        }
      } catch (IOException e) {
        throw new WorkspaceException(
            "`%s` cannot be removed: %s".formatted(directory, e.getMessage()), e);
      }
    }
    return removed;
  }

  /** A workspace that is being made is not in the list yet, but has used its base tree just now. */
  private static Instant before(Duration idle) {
    if (idle.compareTo(Duration.ofDays(1)) < 0) {
      throw new IllegalArgumentException("`%s` is not allowed: a day or more".formatted(idle));
    }
    return Instant.now().minus(idle);
  }

  private List<Bases.Use> uses(List<Map<String, String>> kept) throws IOException {
    var uses = new ArrayList<Bases.Use>();
    for (WorkspaceId id : list()) {
      uses.add(use(layout(id).read(id)));
    }
    kept.forEach(origin -> uses.add(use(Layout.Saved.of(WorkspaceId.random(), origin))));
    return uses;
  }

  private static Bases.Use use(Layout.Saved saved) {
    return new Bases.Use(saved.source(), saved.base());
  }

  @Override
  public void delete(WorkspaceId id) {
    attempt(
        id,
        () -> {
          var present = live.remove(id);
          if (present != null) {
            present.close();
          }
          remove(layout(id));
          return id;
        });
  }

  private static void remove(Layout layout) throws IOException {
    if (Files.exists(layout.directory())) {
      MountedTree.end(layout);
      Trees.delete(layout.directory());
    }
  }

  /**
   * Clears up after processes that died: unmounts their workspaces, which stay on disk, and removes
   * what they had only half made.
   */
  public void recover() {
    try (Stream<Path> directories = Files.list(workspaces)) {
      for (Path directory : directories.toList()) {
        recover(new Layout(directory));
      }
      bases.recover();
      ScratchDisk.reapDead(workspaces.resolveSibling(""));
    } catch (IOException e) {
      throw new WorkspaceException("recovery failed: " + e.getMessage(), e);
    }
  }

  private static void recover(Layout layout) throws IOException {
    var holder = Owner.read(layout.owner());
    if (holder.isPresent() && holder.get().alive()) {
      return;
    }
    if (layout.complete()) {
      MountedTree.end(layout);
      Trees.delete(layout.scratch());
    } else {
      remove(layout);
    }
  }

  private Layout layout(WorkspaceId id) {
    return new Layout(workspaces.resolve(id.value()));
  }

  @FunctionalInterface
  private interface Step<T> {
    T run() throws IOException;
  }

  private <T> T attempt(WorkspaceId id, Step<T> step) {
    try (var _ = locks.hold(id.value())) {
      return step.run();
    } catch (IOException e) {
      throw new WorkspaceException("workspace `%s`: %s".formatted(id, e.getMessage()), e);
    }
  }
}
