using DcpNas.Native;

namespace DcpNas.Distributed.Mpi;

/// <summary>What <c>dcpnas doctor</c> says of MPI.</summary>
public static class MpiFinding
{
    private const string Name = "mpi";

    /// <summary>Looks for libraries of MPI. Without one nothing is wrong: only mpirun needs it.</summary>
    public static Finding Collect()
    {
        var chosen = Environment.GetEnvironmentVariable(MpiLauncher.LibraryVariable);
        string[][] names = string.IsNullOrEmpty(chosen) ? [[MpiLauncher.OpenMpi], [MpiLauncher.Mpich, MpiLauncher.MpichAbi], [MpiLauncher.StandardAbi]] : [[chosen]];
        try
        {
            var found = names.Select(alternatives => MpiLibrary.TryLoad(alternatives, isolated: true)).OfType<MpiLibrary>().Select(library => $"{library.Version} ({library.Name})").ToList();
            return found.Count > 0 ? new Finding(Name, string.Join("; ", found))
                : string.IsNullOrEmpty(chosen) ? new Finding(Name, "none; only needed to run a search or training on several nodes (docs/cluster.md)")
                : new Finding(Name, "none", FindingStatus.Problem, $"{MpiLauncher.LibraryVariable} names {chosen}, which cannot be loaded: correct or unset it.");
        }
        catch (InputException error)
        {
            return new Finding(Name, chosen ?? "damaged", FindingStatus.Problem, error.Message);
        }
    }
}
