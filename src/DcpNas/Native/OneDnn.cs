namespace DcpNas.Native;

/// <summary>The instructions that oneDNN, with which libtorch computes on the CPU, may use. It reads its setting once, with its first kernel.</summary>
internal static class OneDnn
{
    /// <summary>The most that does without <see cref="Amx"/>. Kernels in float32 use nothing beyond AVX-512, so it costs them nothing.</summary>
    public const string MostWithoutAmx = "AVX512_CORE_BF16";

    /// <summary>The variables with which a user takes the choice away from us; the second is the older name of the first.</summary>
    public static readonly string[] UserVariables = ["ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA"];

    // The values of oneDNN 3 that leave AMX out; DEFAULT, ALL and what it does not know allow everything.
    private static readonly string[] WithoutAmx =
        ["SSE41", "AVX", "AVX2", "AVX2_VNNI", "AVX2_VNNI_2", "AVX512_CORE", "AVX512_CORE_VNNI", MostWithoutAmx, "AVX512_CORE_FP16", "AVX10_1_512"];

    /// <summary>What <see cref="Prepare"/> has set, or null.</summary>
    public static string? Applied { get; private set; }

    /// <summary>Keeps oneDNN from AMX where the processor has it, unless the user has chosen. Must run before libtorch computes.</summary>
    public static void Prepare(LibTorchOptions options)
    {
        if (Choose(options, Amx.IsPresent, NativeEnvironment.ChosenByUser(UserVariables)) is { } value)
        {
            NativeEnvironment.Set(UserVariables[0], value);
            Applied = $"{UserVariables[0]}={value}";
        }
    }

    /// <summary>The value to set, or null for none.</summary>
    internal static string? Choose(LibTorchOptions options, bool hasAmx, (string Name, string Value)? user) => options.KeepFromAmx && hasAmx && user is null ? MostWithoutAmx : null;

    /// <summary>Whether a value of the user leaves AMX out.</summary>
    internal static bool LeavesOutAmx(string value) => WithoutAmx.Contains(value, StringComparer.OrdinalIgnoreCase);
}
