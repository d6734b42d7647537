namespace DcpNas.Native;

/// <summary>The settings of libgomp, which reads them once, when it is loaded.</summary>
internal static class OpenMp
{
    /// <summary>Polls of a waiting thread before it sleeps.</summary>
    public const int DefaultSpinCount = 1000;

    /// <summary>The variables with which a user takes the choice away from us.</summary>
    public static readonly string[] UserVariables = ["OMP_WAIT_POLICY", "GOMP_SPINCOUNT"];

    /// <summary>What <see cref="Prepare"/> has set, or null.</summary>
    public static string? Applied { get; private set; }

    /// <summary>Sets the spin count for libgomp, unless the user has chosen. Must run before libgomp is loaded.</summary>
    public static void Prepare(LibTorchOptions options)
    {
        if (options.SpinCount is { } count && NativeEnvironment.ChosenByUser(UserVariables) is null)
        {
            NativeEnvironment.Set("GOMP_SPINCOUNT", $"{count}");
            Applied = $"GOMP_SPINCOUNT={count}";
        }
    }
}
