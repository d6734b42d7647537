using DcpNas.Distributed.Mpi;

namespace DcpNas.Tests.Distributed;

public class MpiLauncherTests
{
    [Theory]
    [InlineData("OMPI_COMM_WORLD_SIZE=4 OMPI_COMM_WORLD_RANK=3 OMPI_COMM_WORLD_LOCAL_RANK=1 OMPI_COMM_WORLD_LOCAL_SIZE=2", "Open MPI 3/4 1/2 libmpi.so.40")]
    [InlineData("PMI_SIZE=2 PMI_RANK=1 MPI_LOCALRANKID=1 MPI_LOCALNRANKS=2", "MPICH 1/2 1/2 libmpich.so.12")]
    [InlineData("PMI_SIZE=2 PMI_RANK=1 DCPNAS_MPI=/opt/libmpi.so", "MPICH 1/2 0/1 /opt/libmpi.so")]
    [InlineData("PMIX_RANK=5 SLURM_STEP_NUM_TASKS=8 SLURM_LOCALID=1 SLURM_NTASKS_PER_NODE=4", "srun 5/8 1/4 libmpi.so.40")]
    [InlineData("OMPI_COMM_WORLD_SIZE=1 OMPI_COMM_WORLD_RANK=0", null)]
    [InlineData("SLURM_STEP_NUM_TASKS=8", null)]
    [InlineData("DCPNAS_MPI=/opt/libmpi.so", null)]
    [InlineData("", null)]
    public void Find_ReadsWhatLaunchersSay(string variables, string? expected)
    {
        var environment = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);

        var found = MpiLauncher.Find(environment.GetValueOrDefault);

        Assert.Equal(expected, found is null ? null : $"{found.Name} {found.Rank}/{found.Ranks} {found.LocalRank}/{found.LocalRanks} {found.Libraries[0]}");
    }

    [Fact]
    public void Join_WithoutALibrary_SaysWhichAndWhatToInstall()
    {
        var error = Assert.Throws<InputException>(() => MpiCollective.Join(new MpiLauncher("Open MPI", 0, 2, 0, 2, ["/nowhere/libmpi.so"])));

        Assert.Equal("No library of MPI was found under the name /nowhere/libmpi.so. Install the one that belongs to your mpirun (Debian: libopenmpi3 or libmpich12), or name its file in DCPNAS_MPI.", error.Message);
    }
}
