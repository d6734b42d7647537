using static TorchSharp.torch;

namespace DcpNas.Native;

/// <summary>Reads the device option.</summary>
public static class Devices
{
    /// <summary>The device that a text names.</summary>
    public static Device Parse(string text) => new(text == "auto" ? "cpu" : text);
}
