namespace DcpNas.Native;

/// <summary>How libtorch is loaded. The defaults are right for every command.</summary>
public sealed record LibTorchOptions
{
    /// <summary>Folder of libtorch_cpu.so (or the one above its <c>lib</c>); null: <c>DCPNAS_LIBTORCH</c>, else the NuGet package folder.</summary>
    public string? Folder { get; init; }

    /// <summary>Whether the finalizer thread is parked, see <see cref="FinalizerGate"/>. False only where nothing else allocates.</summary>
    public bool ParkFinalizer { get; init; } = true;

    /// <summary>
    /// How idle OpenMP threads wait, unless the user has set <c>OMP_WAIT_POLICY</c> or <c>GOMP_SPINCOUNT</c>: null leaves libgomp's own default.
    /// </summary>
    public int? SpinCount { get; init; } = OpenMp.DefaultSpinCount;

    /// <summary>
    /// Whether oneDNN is kept from AMX where the processor has it, unless the user has set <c>ONEDNN_MAX_CPU_ISA</c>: a thread that has used it does not survive a null reference (docs/adr/0008).
    /// </summary>
    public bool KeepFromAmx { get; init; } = true;
}
