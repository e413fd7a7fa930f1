using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Aigc2d.Billing.Prices;
using Aigc2d.Contracts.Billing;

namespace Aigc2d.Billing.Holds;

/// <summary>What makes two requests for a hold the same, and what makes one malformed.</summary>
internal static class HoldRequest
{
    private const int MaxTokens = 100_000_000;

    /// <summary>Whether every number is within what can be priced.</summary>
    public static bool IsValid(PlaceHold hold) =>
        hold.RequestId != Guid.Empty
        && hold.AccountId != Guid.Empty
        && hold.KeyId != Guid.Empty
        && hold.Model is { Length: > 0 and <= 200 }
        && !hold.Model.Contains('\0', StringComparison.Ordinal)
        && hold.InputTokens is >= 0 and <= MaxTokens
        && hold.MaxOutputTokens is null or (>= 0 and <= int.MaxValue)
        && hold.Choices is >= 1 and <= 128
        && hold.Characters is >= 0 and <= 100_000_000
        && hold.Milliseconds is >= 0 and <= 86_400_000
        && hold.Images is >= 0 and <= 128
        && (hold.Images == 0 || IsName(hold.ImageSize))
        && (hold.ImageQuality is null || IsName(hold.ImageQuality))
        && (hold.TaskAction is null || (IsName(hold.TaskAction) && hold.Diffusion is null))
        && (hold.Diffusion is null || IsValid(hold.Diffusion))
        && hold.MultiplierPpm is >= 0 and <= 1_000_000_000
        && hold.AccountMicropointsPerDay is null or >= 0
        && hold.KeyMicropointsPerDay is null or >= 0
        && (hold.IdempotencyKeyHash is null) == (hold.BodyHash is null);

    private static bool IsName(string? name) => name is { Length: > 0 and <= 32 } && name.All(char.IsAscii) && !name.Any(char.IsControl);

    private static bool IsValid(DiffusionJob job) =>
        job is { Width: >= 1 and <= 16_384, Height: >= 1 and <= 16_384, Steps: >= 1 and <= 1_000, Images: >= 1 and <= 128, ControlNetUnits: >= 0 and <= 3 };

    /// <summary>A hash over everything the answer depends on: a request id that comes again with another fingerprint is a conflict.</summary>
    public static byte[] Fingerprint(PlaceHold hold)
    {
        Span<byte> fixedPart = stackalloc byte[16 + 16 + (5 * 8)];
        hold.AccountId.TryWriteBytes(fixedPart);
        hold.KeyId.TryWriteBytes(fixedPart[16..]);
        BinaryPrimitives.WriteInt64LittleEndian(fixedPart[32..], hold.InputTokens);
        BinaryPrimitives.WriteInt64LittleEndian(fixedPart[40..], hold.MaxOutputTokens ?? -1);
        BinaryPrimitives.WriteInt64LittleEndian(fixedPart[48..], hold.Choices);
        BinaryPrimitives.WriteInt64LittleEndian(fixedPart[56..], hold.MultiplierPpm);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(fixedPart);
        hash.AppendData(Encoding.UTF8.GetBytes(hold.Model));
        // A model has no NUL: what follows cannot be mistaken for a part of its name.
        if (Quantities.Of(hold, 0).ToColumn() is { } quantities) hash.AppendData(Encoding.UTF8.GetBytes('\0' + quantities));
        return hash.GetHashAndReset()[..16];
    }
}
