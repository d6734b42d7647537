using static TorchSharp.torch;

namespace DcpNas.Native;

/// <summary>Where tensors are made that are told no device; the one before is back once this is disposed.</summary>
public sealed class DefaultDevice : IDisposable
{
    private readonly Device _before = get_default_device();

    /// <summary>Makes a device the default.</summary>
    /// <param name="device">The device.</param>
    public DefaultDevice(Device device) => set_default_device(device);

    /// <summary>Makes the device before the default again.</summary>
    public void Dispose() => set_default_device(_before);
}
