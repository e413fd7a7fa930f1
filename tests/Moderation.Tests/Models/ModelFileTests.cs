using System.Security.Cryptography;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Models;

namespace Aigc2d.Moderation.Tests.Models;

/// <summary>The file of a model.</summary>
public sealed class ModelFileTests
{
    private static readonly byte[] Whole = ModelFile.Write(RandomModel.Instance);

    [Fact]
    public void What_is_written_is_read_again()
    {
        var read = ModelFile.Read(Whole);

        Assert.Equal(Whole, ModelFile.Write(read));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Whole))[..12], read.Version);
        Assert.Equal(new Threshold(0.95f, 0.7f), read.Thresholds.Of(ScreeningStage.Output, Language.Chinese, Heads.Unsafe));
        Assert.Equal(RandomModel.Instance.CalibrationOf(Language.Chinese, 3), read.CalibrationOf(Language.Chinese, 3));
    }

    [Fact]
    public void A_model_is_small() => Assert.InRange(Whole.Length, 4_000_000, 6_000_000);

    [Theory]
    [InlineData(0, "This is no screening model.")]
    [InlineData(8, "format")]
    [InlineData(40, "damaged")]
    [InlineData(2_000_000, "damaged")]
    [InlineData(-1, "damaged")]
    public void A_file_with_one_bit_changed_is_refused(int at, string reason)
    {
        var damaged = (byte[])Whole.Clone();
        damaged[at < 0 ? damaged.Length + at : at] ^= 1;

        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => ModelFile.Read(damaged)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(1_000)]
    public void A_file_that_was_cut_is_refused(int length) => Assert.Throws<InvalidDataException>(() => ModelFile.Read(Whole[..length]));

    [Fact]
    public void A_file_of_other_categories_is_refused()
    {
        var other = (byte[])Whole.Clone();
        other.AsSpan(other.AsSpan().IndexOf("harassment"u8)).Slice(0, 1)[0] = (byte)'H';
        SHA256.HashData(other.AsSpan(0, other.Length - 32)).CopyTo(other, other.Length - 32);

        Assert.Contains("categories", Assert.Throws<InvalidDataException>(() => ModelFile.Read(other)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_goes_on_after_its_end_is_refused() =>
        Assert.Contains("after its end", RefusalOf([.. Whole.AsSpan(0, Whole.Length - 32), 0, 0, 0, 0, .. new byte[32]]), StringComparison.Ordinal);

    [Theory]
    [InlineData(12 + 1 + 5, "features")]
    [InlineData(12 + 1 + 5 + 4, "features")]
    [InlineData(12 + 1 + 5 + 8, "categories")]
    public void A_file_made_by_another_program_is_refused(int at, string reason)
    {
        var other = (byte[])Whole.Clone();
        other[at] ^= 1;

        Assert.Contains(reason, RefusalOf(other), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.49f, 0.3f)]
    [InlineData(1.01f, 0.5f)]
    [InlineData(0.8f, 0.81f)]
    [InlineData(0.8f, 0)]
    [InlineData(float.NaN, 0.5f)]
    [InlineData(0.8f, float.NaN)]
    public void Thresholds_that_are_out_of_order_are_refused(float block, float review) => Assert.Contains(
        "thresholds", Assert.Throws<InvalidDataException>(() => ModelFile.Read(ModelFile.Write(RandomModel.Make(new Thresholds(_ => new(block, review)))))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 0)]
    [InlineData(float.PositiveInfinity, 0)]
    [InlineData(1, float.NaN)]
    public void A_calibration_that_does_not_rise_is_refused(float slope, float offset)
    {
        var model = RandomModel.Make(Thresholds.None);
        model.Calibrations[4] = new Calibration(slope, offset);

        Assert.Contains("calibration", Assert.Throws<InvalidDataException>(() => ModelFile.Read(ModelFile.Write(model))).Message, StringComparison.Ordinal);
    }

    // With the digest put right, so that it is not what refuses.
    private static string RefusalOf(byte[] file)
    {
        SHA256.HashData(file.AsSpan(0, file.Length - 32)).CopyTo(file, file.Length - 32);
        return Assert.Throws<InvalidDataException>(() => ModelFile.Read(file)).Message;
    }
}
