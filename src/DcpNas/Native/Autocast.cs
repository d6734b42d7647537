using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace DcpNas.Native;

/// <summary>Lets a GPU compute matrix products and convolutions in a shorter type: libtorch's autocast, which TorchSharp does not offer.</summary>
/// <remarks>State of the calling thread. The C++ functions are found by their mangled names; where one is missing, the type is refused.</remarks>
public sealed unsafe class Autocast : IDisposable
{
    private const string EnabledName = "_ZN2at8autocast20set_autocast_enabledEN3c1010DeviceTypeEb";
    private const string TypeName = "_ZN2at8autocast18set_autocast_dtypeEN3c1010DeviceTypeENS1_10ScalarTypeE";
    private const string ClearName = "_ZN2at8autocast11clear_cacheEv";
    private static readonly Lazy<(nint Enabled, nint Type, nint Clear)?> Functions = new(Find);

    private Autocast(ScalarType type)
    {
        var functions = Functions.Value!.Value;
        ((delegate* unmanaged<sbyte, sbyte, void>)functions.Type)((sbyte)DeviceType.CUDA, (sbyte)type);
        ((delegate* unmanaged<sbyte, byte, void>)functions.Enabled)((sbyte)DeviceType.CUDA, 1);
    }

    /// <summary>Switches it on until the result is disposed; null, and nothing, for float32.</summary>
    /// <param name="type">Float32, BFloat16 or Float16.</param>
    /// <param name="device">Where the tensors are.</param>
    /// <exception cref="InputException">The device or this libtorch has no autocast.</exception>
    public static Autocast? Begin(ScalarType type, Device device)
    {
        ThrowIfUnusable(type, device);
        return type == ScalarType.Float32 ? null : new Autocast(type);
    }

    /// <summary>Refuses a type that the device cannot compute in.</summary>
    /// <inheritdoc cref="Begin"/>
    public static void ThrowIfUnusable(ScalarType type, Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (type == ScalarType.Float32)
        {
            return;
        }

        if (device.type != DeviceType.CUDA)
        {
            throw new InputException("precision must be fp32 on the CPU, where shorter types are slower and were seen to end in NaN. Use --precision fp32, or a GPU with --device cuda.");
        }

        if (Functions.Value is null)
        {
            throw new InputException($"precision must be fp32: the libtorch in {LibTorch.Folder} does not offer autocast under the names that are known.");
        }
    }

    /// <summary>Switches it off.</summary>
    public void Dispose()
    {
        var functions = Functions.Value!.Value;
        ((delegate* unmanaged<sbyte, byte, void>)functions.Enabled)((sbyte)DeviceType.CUDA, 0);
        ((delegate* unmanaged<void>)functions.Clear)();
    }

    private static (nint, nint, nint)? Find()
    {
        var library = NativeLibrary.Load(Path.Combine(LibTorch.Folder, "libtorch_cpu.so"));
        return NativeLibrary.TryGetExport(library, EnabledName, out var enabled)
            && NativeLibrary.TryGetExport(library, TypeName, out var type)
            && NativeLibrary.TryGetExport(library, ClearName, out var clear) ? (enabled, type, clear) : null;
    }
}
