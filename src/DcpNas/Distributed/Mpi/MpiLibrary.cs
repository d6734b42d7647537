using System.Globalization;
using System.Runtime.InteropServices;
using DcpNas.Native;

namespace DcpNas.Distributed.Mpi;

/// <summary>The functions of a library of MPI, whichever of the three binary interfaces it has.</summary>
/// <remarks>
/// Open MPI: handles are addresses of exported objects. MPICH and its relatives: handles are numbers of 32 bits. The standard interface of MPI 5:
/// numbers in the width of an address. All three pass in a register of that width, and requests fit in one.
/// </remarks>
internal sealed unsafe partial class MpiLibrary
{
    private const int Now = 2, Global = 0x100; // of dlopen
    private const int Serialized = 2; // one thread at a time calls
    private const nint MpichWorld = 0x44000000, MpichByte = 0x4c00010d, StandardWorld = 0x101, StandardByte = 0x247;
    private const string Standard = "MPI 5";
    private readonly nint _handle;
    private readonly nint _world;
    private readonly nint _byte;
    private delegate* unmanaged<byte*, int, nint, int, int, nint, nint*, int> _send;
    private delegate* unmanaged<byte*, int, nint, int, int, nint, nint*, int> _receive;
    private delegate* unmanaged<nint*, int*, void*, int> _test;

    private MpiLibrary(string name, nint handle)
    {
        (Name, _handle) = (name, handle);
        (Kind, _world, _byte) = Symbol("ompi_mpi_comm_world", required: false) is var world && world != 0
            ? ("Open MPI", world, Symbol("ompi_mpi_byte"))
            : name.Contains("mpi_abi", StringComparison.Ordinal)
            ? (Standard, StandardWorld, StandardByte)
            : ("MPICH", MpichWorld, MpichByte);
    }

    /// <summary>The file.</summary>
    public string Name { get; }

    /// <summary>Whose binary interface it has.</summary>
    public string Kind { get; }

    /// <summary>What the library says of itself, in one line.</summary>
    public string Version
    {
        get
        {
            var text = new byte[16384];
            var length = 0;
            fixed (byte* at = text)
            {
                ((delegate* unmanaged<byte*, int*, int>)Symbol("MPI_Get_library_version"))(at, &length);
            }

            var all = System.Text.Encoding.UTF8.GetString(text, 0, Math.Max(0, length)).TrimEnd('\0').Trim();
            return all.Split('\n', ',')[0].Replace("\t", " ", StringComparison.Ordinal).Trim();
        }
    }

    /// <summary>Loads the first library of some names that there is, with its symbols open to the plug-ins that it loads itself.</summary>
    /// <param name="names">File names or paths.</param>
    /// <exception cref="InputException">There is none of them.</exception>
    public static MpiLibrary Load(IReadOnlyList<string> names)
    {
        // Open MPI would take the signal by which .NET finds null references, and warn of every process that is started.
        NativeEnvironment.Set("OMPI_MCA_opal_signal", "6");
        NativeEnvironment.Set("OMPI_MCA_mpi_warn_on_fork", "0");
        return TryLoad(names) ?? throw new InputException(string.Create(CultureInfo.InvariantCulture,
            $"No library of MPI was found under {(names.Count == 1 ? "the name" : "the names")} {string.Join(", ", names)}. Install the one that belongs to your mpirun (Debian: libopenmpi3 or libmpich12), or name its file in {MpiLauncher.LibraryVariable}."));
    }

    /// <summary>The same, or null where there is none.</summary>
    /// <param name="names">File names or paths.</param>
    /// <param name="isolated">Only to ask it for its version: nobody else sees its symbols, so that several can be loaded.</param>
    public static MpiLibrary? TryLoad(IReadOnlyList<string> names, bool isolated = false)
    {
        foreach (var name in names)
        {
            if (Open(name, isolated ? Now : Now | Global) is var handle && handle != 0)
            {
                return new MpiLibrary(name, handle);
            }
        }

        return null;
    }

    /// <summary>Joins the other processes; once per process.</summary>
    public void Initialize()
    {
        // Looked up once: a waiting rank calls the last of them again and again.
        _send = (delegate* unmanaged<byte*, int, nint, int, int, nint, nint*, int>)Symbol("MPI_Isend");
        _receive = (delegate* unmanaged<byte*, int, nint, int, int, nint, nint*, int>)Symbol("MPI_Irecv");
        _test = (delegate* unmanaged<nint*, int*, void*, int>)Symbol("MPI_Test");
        if (Kind == Standard)
        {
            Check(((delegate* unmanaged<int*, byte***, int>)Symbol("MPI_Init"))(null, null), "MPI_Init"); // its levels of threads have other numbers
            return;
        }

        var given = 0;
        Check(((delegate* unmanaged<int*, byte***, int, int*, int>)Symbol("MPI_Init_thread"))(null, null, Serialized, &given), "MPI_Init_thread");
    }

    /// <summary>How many processes there are.</summary>
    public int Size() => Ask("MPI_Comm_size");

    /// <summary>The number of this one.</summary>
    public int Rank() => Ask("MPI_Comm_rank");

    /// <summary>Begins to send.</summary>
    public nint Send(byte* data, int bytes, int to)
    {
        nint request = 0;
        Check(_send(data, bytes, _byte, to, 0, _world, &request), "MPI_Isend");
        return request;
    }

    /// <summary>Begins to receive.</summary>
    public nint Receive(byte* data, int bytes, int from)
    {
        nint request = 0;
        Check(_receive(data, bytes, _byte, from, 0, _world, &request), "MPI_Irecv");
        return request;
    }

    /// <summary>Whether a transfer is complete.</summary>
    public bool IsDone(ref nint request)
    {
        var done = 0;
        var status = stackalloc long[8]; // the largest status has 32 bytes
        fixed (nint* at = &request)
        {
            Check(_test(at, &done, status), "MPI_Test");
        }

        return done != 0;
    }

    /// <summary>Leaves the other processes.</summary>
    public void Complete() => Check(((delegate* unmanaged<int>)Symbol("MPI_Finalize"))(), "MPI_Finalize");

    /// <summary>Ends all processes.</summary>
    public void Abort(int code) => ((delegate* unmanaged<nint, int, int>)Symbol("MPI_Abort"))(_world, code);

    private int Ask(string function)
    {
        var value = 0;
        Check(((delegate* unmanaged<nint, int*, int>)Symbol(function))(_world, &value), function);
        return value;
    }

    private static void Check(int error, string function)
    {
        if (error != 0)
        {
            throw new RankLostException($"{function} failed with error {error}: another process of the run is no longer there, or the network is not.");
        }
    }

    private nint Symbol(string name, bool required = true) => Find(_handle, name) is var address && (address != 0 || !required)
        ? address
        : throw new InputException($"{Name}: has no function {name}, so it is no library of MPI. Name another one in {MpiLauncher.LibraryVariable}.");

    [LibraryImport("libc", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string name, int flags);

    [LibraryImport("libc", EntryPoint = "dlsym", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Find(nint library, string name);
}
