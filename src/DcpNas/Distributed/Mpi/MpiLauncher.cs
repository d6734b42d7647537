namespace DcpNas.Distributed.Mpi;

/// <summary>What a launcher of MPI (mpirun, mpiexec, srun) says of this process in its environment.</summary>
/// <param name="Name">The launcher, for people.</param>
/// <param name="Rank">The number of this process.</param>
/// <param name="Ranks">How many it has started.</param>
/// <param name="LocalRank">The number of this process on this machine.</param>
/// <param name="LocalRanks">How many it has started on this machine.</param>
/// <param name="Libraries">The names under which its library may be found, the likeliest first.</param>
public sealed record MpiLauncher(string Name, int Rank, int Ranks, int LocalRank, int LocalRanks, IReadOnlyList<string> Libraries)
{
    /// <summary>The environment variable that names another library of MPI.</summary>
    public const string LibraryVariable = "DCPNAS_MPI";

    internal const string OpenMpi = "libmpi.so.40";
    internal const string Mpich = "libmpich.so.12";
    internal const string MpichAbi = "libmpi.so.12"; // the name that MPICH, Intel MPI, MVAPICH and Cray MPI share
    internal const string StandardAbi = "libmpi_abi.so.0";

    /// <summary>The launcher that has started this process with others, or null where there is none.</summary>
    /// <param name="environment">Reads a variable; null: those of this process.</param>
    public static MpiLauncher? Find(Func<string, string?>? environment = null)
    {
        environment ??= Environment.GetEnvironmentVariable;
        var found = Number("OMPI_COMM_WORLD_SIZE") is { } open
            ? new MpiLauncher("Open MPI", Number("OMPI_COMM_WORLD_RANK") ?? 0, open, Number("OMPI_COMM_WORLD_LOCAL_RANK") ?? 0, Number("OMPI_COMM_WORLD_LOCAL_SIZE") ?? 1, [OpenMpi, StandardAbi])
            : Number("PMI_SIZE") is { } hydra
            ? new MpiLauncher("MPICH", Number("PMI_RANK") ?? 0, hydra, Number("MPI_LOCALRANKID") ?? Number("SLURM_LOCALID") ?? 0, Number("MPI_LOCALNRANKS") ?? Number("SLURM_NTASKS_PER_NODE") ?? 1, [Mpich, MpichAbi, StandardAbi])
            : Number("PMIX_RANK") is { } pmix && Number("SLURM_STEP_NUM_TASKS") is { } tasks
            ? new MpiLauncher("srun", pmix, tasks, Number("SLURM_LOCALID") ?? 0, Number("SLURM_NTASKS_PER_NODE") ?? 1, [OpenMpi, Mpich, MpichAbi, StandardAbi])
            : null;
        return found is null or { Ranks: 1 } ? null
            : environment(LibraryVariable) is { Length: > 0 } named ? found with { Libraries = [named] }
            : found;

        int? Number(string name) => int.TryParse(environment(name), out var value) ? value : null;
    }
}
