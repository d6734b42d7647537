namespace DcpNas.Runtime.Kernels.Lanes;

/// <summary>One float.</summary>
internal unsafe readonly struct ScalarLanes : IFloatLanes<float>
{
    public static int Count => 1;

    public static float Create(float value) => value;

    public static float Load(float* source) => *source;

    public static float Load(short* source) => *source;

    public static float Load(int* source) => *source;

    public static void Store(float value, float* target) => *target = value;

    public static float Add(float left, float right) => left + right;

    public static float Multiply(float left, float right) => left * right;

    public static float Divide(float left, float right) => left / right;

    public static float DivideBy(float value, float divisor, float inverse) => value / divisor;

    public static float Max(float left, float right) => left > right ? left : right;

    public static float Prelu(float value, float slope) => value < 0 ? value * slope : value;

    public static uint LessThan(float left, float right) => left < right ? 1u : 0u;
}
