using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace DcpNas.Native;

/// <summary>Turns the word a user writes into a device.</summary>
public static class Devices
{
    /// <summary>What <see cref="Parse"/> accepts, for help texts.</summary>
    public const string Known = "cpu, cuda, cuda:N, auto";

    /// <summary>Whether this libtorch and this machine can compute on a GPU.</summary>
    public static bool IsCudaUsable
    {
        get
        {
            LibTorch.Load();
            return cuda.is_available() && cuda.device_count() > 0;
        }
    }

    /// <summary>The device that a word names.</summary>
    /// <param name="text"><c>cpu</c>, <c>cuda</c> (the first GPU), <c>cuda:N</c>, or <c>auto</c>: the first GPU where one is usable, else the CPU.</param>
    /// <exception cref="InputException">The word is unknown, or the device cannot be used here; the message says what to do.</exception>
    public static Device Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var word = text.Trim().ToLowerInvariant();
        if (word is "auto" or "cpu")
        {
            LibTorch.Load();
            return word == "auto" && IsCudaUsable ? new Device(DeviceType.CUDA, 0) : CPU;
        }

        var index = 0;
        var isCuda = word == "cuda"
            || (word.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(word.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out index));
        if (!isCuda)
        {
            throw new InputException($"Unknown device '{text}'. Known devices: {Known}.");
        }

        LibTorch.Load();
        if (!File.Exists(Path.Combine(LibTorch.Folder, "libtorch_cuda.so")))
        {
            throw new InputException(
                $"Device '{text}' was asked for, but the libtorch in {LibTorch.Folder} is built for the CPU only. "
                + $"Set {LibTorch.FolderVariable} to the folder of a libtorch with CUDA (of a Python torch: its lib folder), or use the device cpu.");
        }

        if (!IsCudaUsable)
        {
            throw new InputException(
                $"Device '{text}' was asked for, but libtorch finds no usable GPU. Check that nvidia-smi lists one and that its driver fits this libtorch, or use the device cpu.");
        }

        var count = cuda.device_count();
        return index < count
            ? new Device(DeviceType.CUDA, index)
            : throw new InputException($"Device '{text}' was asked for, but there {(count == 1 ? "is 1 GPU" : $"are {count} GPUs")}: use cuda:0{(count == 1 ? "" : $" to cuda:{count - 1}")}.");
    }
}
