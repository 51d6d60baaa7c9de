package dev.holdfast.workspace;

/**
 * What a workspace shall hold.
 *
 * @param repository path of a local repository (its top level) or a URL that git can clone
 * @param revision what to start from, anything {@code git rev-parse} takes; usually {@code HEAD}
 * @param branch the branch made for the work, for example {@code holdfast/r-…}
 * @param includeDirty whether uncommitted and untracked (not ignored) files of a local checkout
 *     come along
 * @param diskBytes most bytes that the workspace may grow by
 */
public record WorkspaceSpec(
    WorkspaceId id,
    String repository,
    String revision,
    String branch,
    boolean includeDirty,
    long diskBytes) {}
